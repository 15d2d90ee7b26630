// The width that an element has, for pictures that are laid out by it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export function useWidth<T extends HTMLElement>() {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current!;
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width] as const;
}

const context = document.createElement('canvas').getContext('2d')!;

export function textWidth(text: string, font = '12px "Red Hat Text"'): number {
  context.font = font;
  return context.measureText(text).width;
}
