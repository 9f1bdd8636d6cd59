export type Alarm = {
  ring(): void;
  /** Resolves at the next ring, at once where it rang since the last wait, or after `milliseconds`. For one waiter. */
  wait(milliseconds: number): Promise<void>;
};

export function createAlarm(): Alarm {
  let rang = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rang = true;
      wake?.();
    },
    async wait(milliseconds) {
      if (!rang) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      rang = false;
    },
  };
}
