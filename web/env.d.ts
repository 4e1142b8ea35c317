/** The version of this build, shown in the footer. */
declare const __BUILD__: string;
/** The number of the contract between pages and API, for the one script that may import nothing. */
declare const __CONTRACT__: string;
/** Where WeChat's JS-SDK is; the Content-Security-Policy of citizens' pages names the same place. */
declare const __JWEIXIN__: string;
