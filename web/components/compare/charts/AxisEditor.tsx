'use client';

import { ArrowLeft, ArrowRight, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Dimension } from '@/lib/dimensions';
import { categoriesOf, type ParallelAxis } from '@/lib/parallel-axes';
import type { DrawnAxis } from './parallel-option';

const tool =
  'inline-flex size-6 items-center justify-center align-middle text-muted hover:text-text disabled:opacity-40';

function Bound({
  label,
  value,
  onCommit,
}: {
  label: string;
  value: number | null;
  onCommit: (value: number | null) => void;
}) {
  const [text, setText] = useState(value === null ? '' : String(value));
  useEffect(() => setText(value === null ? '' : String(Number(value.toPrecision(6)))), [value]);
  const commit = () => {
    const next = text.trim() === '' ? null : Number(text);
    if (next === null || Number.isFinite(next)) onCommit(next);
    else setText(value === null ? '' : String(value));
  };
  return (
    <input
      inputMode="decimal"
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
      className="h-7 w-20 rounded-md border border-line-strong bg-surface px-1.5 text-right"
    />
  );
}

/** What can be brushed by pointer, by keyboard: every axis with its scale, direction and bounds. */
export function AxisEditor({
  drawn,
  dimensions,
  onChange,
}: {
  drawn: readonly DrawnAxis[];
  dimensions: readonly Dimension[];
  onChange: (axes: ParallelAxis[]) => void;
}) {
  const axes = drawn.map(({ axis }) => axis);
  const replace = (key: string, change: Partial<ParallelAxis>) =>
    onChange(axes.map((axis) => (axis.key === key ? { ...axis, ...change } : axis)));
  const move = (index: number, by: number) => {
    const next = [...axes];
    const [moved] = next.splice(index, 1);
    next.splice(index + by, 0, moved!);
    onChange(next);
  };
  const others = dimensions.filter(({ key }) => !axes.some((axis) => axis.key === key));
  return (
    <div className="flex flex-col gap-2 px-4 pb-4">
      <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Axes">
        <table className="table-plain">
          <caption className="sr-only">Axes of the parallel coordinates</caption>
          <thead>
            <tr>
              <th scope="col">Axis</th>
              <th scope="col">Log</th>
              <th scope="col">Flip</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Order</th>
            </tr>
          </thead>
          <tbody>
            {drawn.map(({ axis, dimension }, index) => (
              <tr key={axis.key}>
                <th scope="row" className="!font-normal !text-text">
                  {dimension.label}
                </th>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`${dimension.label}: log scale`}
                    disabled={dimension.kind === 'category'}
                    checked={axis.log}
                    onChange={(event) => replace(axis.key, { log: event.target.checked, brush: null })}
                    className="accent-accent"
                  />
                </td>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`${dimension.label}: flip`}
                    checked={axis.flip}
                    onChange={(event) => replace(axis.key, { flip: event.target.checked })}
                    className="accent-accent"
                  />
                </td>
                {dimension.kind === 'category' ? (
                  <td colSpan={2}>
                    <select
                      aria-label={`${dimension.label}: only`}
                      value={axis.brush ? String(Math.ceil(axis.brush[0])) : ''}
                      onChange={({ target }) => {
                        const place = Number(target.value);
                        replace(axis.key, { brush: target.value === '' ? null : [place - 0.4, place + 0.4] });
                      }}
                      className="h-7 max-w-44 rounded-md border border-line-strong bg-surface px-1"
                    >
                      <option value="">all</option>
                      {categoriesOf(dimension).map((name, place) => (
                        <option key={name} value={place}>
                          {name}
                        </option>
                      ))}
                    </select>
                  </td>
                ) : (
                  (['from', 'to'] as const).map((side, at) => (
                    <td key={side}>
                      <Bound
                        label={`${dimension.label}: ${side}`}
                        value={axis.brush && Math.abs(axis.brush[at]!) < 1e300 ? axis.brush[at]! : null}
                        onCommit={(value) => {
                          const [from, to] = axis.brush ?? [-Number.MAX_VALUE, Number.MAX_VALUE];
                          const next =
                            side === 'from'
                              ? [value ?? -Number.MAX_VALUE, to]
                              : [from, value ?? Number.MAX_VALUE];
                          const open = Math.abs(next[0]!) > 1e300 && Math.abs(next[1]!) > 1e300;
                          replace(axis.key, {
                            brush: open || next[0]! > next[1]! ? null : [next[0]!, next[1]!],
                          });
                        }}
                      />
                    </td>
                  ))
                )}
                <td className="whitespace-nowrap">
                  <button
                    type="button"
                    className={tool}
                    aria-label={`${dimension.label}: move left`}
                    disabled={index === 0}
                    onClick={() => move(index, -1)}
                  >
                    <ArrowLeft aria-hidden className="size-3.5" />
                  </button>
                  <button
                    type="button"
                    className={tool}
                    aria-label={`${dimension.label}: move right`}
                    disabled={index === drawn.length - 1}
                    onClick={() => move(index, 1)}
                  >
                    <ArrowRight aria-hidden className="size-3.5" />
                  </button>
                  <button
                    type="button"
                    className={tool}
                    aria-label={`${dimension.label}: remove`}
                    disabled={drawn.length <= 2}
                    onClick={() => onChange(axes.filter(({ key }) => key !== axis.key))}
                  >
                    <X aria-hidden className="size-3.5" />
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {others.length > 0 && (
        <select
          aria-label="Add an axis"
          value=""
          onChange={(event) =>
            onChange([...axes, { key: event.target.value, log: false, flip: false, brush: null }])
          }
          className="h-7 w-fit max-w-64 rounded-md border border-dashed border-line-strong bg-surface px-2 text-table text-muted"
        >
          <option value="">Add an axis…</option>
          {others.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
