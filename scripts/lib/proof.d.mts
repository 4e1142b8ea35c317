/** Types of proof.mjs for the proofs. */
export function readProofOptions<const N extends string = never>(
  name: string,
  more?: { noSmall?: string; numbers?: Readonly<Record<N, number>>; places?: readonly string[] },
): { small: boolean; number: (name: N, inSmall?: number) => number; places: number[] };
export function startSaying(): (text: string) => void;
