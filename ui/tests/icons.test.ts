import { render } from '@testing-library/svelte';
import Check from 'lucide-static/icons/check.svg';
import { expect, test } from 'vitest';

function drawn(props: { size?: number; strokeWidth?: number; label?: string } = {}): SVGElement {
  const { container } = render(Check, props);
  const drawing = container.querySelector('svg');
  if (!drawing) throw new Error('nothing is drawn');
  return drawing;
}

test('an icon has the size and the stroke that are asked for', () => {
  const drawing = drawn({ size: 14, strokeWidth: 2.4 });
  expect(drawing.getAttribute('width')).toBe('14');
  expect(drawing.getAttribute('height')).toBe('14');
  expect(drawing.getAttribute('viewBox')).toBe('0 0 24 24');
  expect(drawing.getAttribute('stroke-width')).toBe('2.4');
  expect(drawing.querySelector('path')).not.toBeNull();
});

test('an icon is hidden from screen readers unless it says something', () => {
  expect(drawn().getAttribute('aria-hidden')).toBe('true');
  const said = drawn({ label: 'in order' });
  expect(said.getAttribute('aria-hidden')).not.toBe('true');
  expect(said.getAttribute('role')).toBe('img');
  expect(said.getAttribute('aria-label')).toBe('in order');
});
