/** Value of a slot that its machine has not filled yet; the bootstrap scripts know the same word. */
export const PENDING = 'pending';
