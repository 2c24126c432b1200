import type { Format } from '../src/backend/types/Format';
import type { Lesson } from '../src/backend/types/Lesson';
import type { Preview } from '../src/backend/types/Preview';
import type { Sample } from '../src/backend/types/Sample';
import { FakeDesktop } from '../tests/fake';

/** A fake app whose events are decoded by the app's own decoder. */
export class Decoding extends FakeDesktop {
  override preview(format: Format, samples: Sample[]): Promise<Preview> {
    return ask({ ask: 'preview', format, samples });
  }

  override teach(
    format: Format,
    samples: Sample[],
    which: number,
    lesson: Lesson,
  ): Promise<Format> {
    return ask({ ask: 'teach', format, samples, which, lesson });
  }
}

async function ask<Answer>(question: object): Promise<Answer> {
  const answer = await fetch('/formats', { method: 'POST', body: JSON.stringify(question) });
  return (await answer.json()) as Answer;
}
