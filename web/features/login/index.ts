/** Who is logged in. The screen itself is loaded by the app's routes. */
export {
  askLogIn,
  checkAgain,
  currentSession,
  enterBy,
  handleExpired,
  logOut,
  onLogOut,
  ticketSpent,
  whoAmI,
} from './session.ts';
