import { httpStatusOf, type Refusal } from '../../errors.ts';

/** A refusal for people: what is wrong, and what to do. The graph's own words are for those who write programs. */
export function explainRefusal({ code, message, details }: Refusal): {
  status: number;
  title: string;
  message: string;
} {
  const status = httpStatusOf[code] ?? httpStatusOf.BAD_USER_INPUT;
  // A document's mistake, such as a date that is none: its words are about the document.
  if (!(code in httpStatusOf)) return { status, title: 'This does not work', message: 'Open the page again.' };
  if (details.retryable && code === 'CONFLICT')
    return {
      status,
      title: 'This is being done',
      message: 'It takes a moment longer. Look at your billing again shortly.',
    };
  if (details.field === 'prorationDate')
    return {
      status,
      title: 'This took a while',
      message: 'What it costs has changed meanwhile. Choose the plan again.',
    };
  if (code in words) return { status, ...words[code as keyof typeof words] };
  if (code === 'RATE_LIMITED')
    return {
      status,
      title: 'Too many requests',
      message: `Please wait ${details.retryAfter ?? 60} seconds, and try again.`,
    };
  return { status, title: 'This does not work', message };
}

const words = {
  NOT_FOUND: { title: 'This is not there', message: 'It may have changed meanwhile. Look at your billing again.' },
  CONFLICT: {
    title: 'This cannot be done now',
    message: 'Your billing has changed meanwhile. Look at it again; if you still need this, write to the support.',
  },
  FORBIDDEN: {
    title: 'This is not offered here',
    message: 'Look at your billing again, and choose what is offered there.',
  },
  CARD_DECLINED: {
    title: 'The payment was declined',
    message: 'Nothing was changed. Update your payment method, or ask your bank, and try again.',
  },
  STRIPE_ERROR: {
    title: 'The payment provider did not do it',
    message: 'Try again in a moment. If it stays like this, write to the support.',
  },
  SERVICE_UNAVAILABLE: {
    title: 'One moment',
    message: 'The server cannot be reached just now. Try again in a moment.',
  },
} as const;
