/** Who is logged in. The screen itself is loaded by the app's routes. */
export { askLogIn, currentSession, handleExpired, logOut, onLogOut, whoAmI } from './session.ts';
