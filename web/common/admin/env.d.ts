/// <reference types="vite/client" />
/// <reference types="element-plus/global" />
import 'vue';

// Templates are checked strictly; these attributes fall through to the element inside of any component.
declare module 'vue' {
  interface AllowedComponentProps {
    id?: string | undefined;
    'aria-label'?: string | undefined;
    'aria-describedby'?: string | undefined;
    autocapitalize?: string | undefined;
    spellcheck?: boolean | 'true' | 'false' | undefined;
    enterkeyhint?: string | undefined;
  }
  interface HTMLAttributes {
    [name: `data-${string}`]: unknown;
  }
}
