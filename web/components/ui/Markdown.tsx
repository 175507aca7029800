'use client';

import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

const plugins = [remarkGfm];

/**
 * Markdown that people wrote. HTML in it is shown as text, links that are no web addresses lead nowhere, and pictures are links:
 * reading a note asks nothing of other machines.
 */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown min-w-0 break-words">
      <ReactMarkdown
        remarkPlugins={plugins}
        components={{
          a: ({ href, children }) =>
            href ? (
              <a href={href} className="link" rel="noreferrer" target="_blank">
                {children}
              </a>
            ) : (
              <span>{children}</span>
            ),
          img: ({ src, alt }) => (
            <a
              href={typeof src === 'string' ? src : undefined}
              className="link"
              rel="noreferrer"
              target="_blank"
            >
              {alt || 'picture'}
            </a>
          ),
          h1: ({ children }) => <h3>{children}</h3>,
          h2: ({ children }) => <h3>{children}</h3>,
          h3: ({ children }) => <h4>{children}</h4>,
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
