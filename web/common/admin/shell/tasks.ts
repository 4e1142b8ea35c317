import { ref } from 'vue';

/** How many long works are running: the task centre counts, a phone shows it at "more". */
export const runningTasks = ref(0);

/** Raised by a page that has begun or stopped one, so that the count follows at once. */
export const taskPulse = ref(0);
