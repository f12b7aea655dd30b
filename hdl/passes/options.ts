// What every pass may be told.

export interface PassOptions {
  /** Whether everything that the user named stays in the output; true when absent. */
  readonly keepNames?: boolean;
}
