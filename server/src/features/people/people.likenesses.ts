/** In which a person may resemble another. */
export const LIKENESSES = ['name', 'phone', 'birthDate'] as const;
