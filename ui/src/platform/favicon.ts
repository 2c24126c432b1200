/** The bell of the page's tab: with a red dot and the count while something is unread. */
export function setFavicon(unread: number, silent: boolean): void {
  const link =
    document.head.querySelector<HTMLLinkElement>('link[rel="icon"]') ??
    document.head.appendChild(Object.assign(document.createElement('link'), { rel: 'icon' }));
  const href = `data:image/svg+xml,${encodeURIComponent(drawing(unread, silent))}`;
  if (link.getAttribute('href') !== href) link.setAttribute('href', href);
}

/** A picture of 32 by 32 pixels. Browsers give it no style of the page, so it has its own. */
function drawing(unread: number, silent: boolean): string {
  const filled = unread > 0 && !silent;
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    '<style>g{stroke:#3c4150;fill:none}.full{fill:#3c4150}' +
    '@media(prefers-color-scheme:dark){g{stroke:#e4e7f0}.full{fill:#e4e7f0}}</style>' +
    '<g stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">' +
    `<path${filled ? ' class="full"' : ''} d="M16 4.5a8 8 0 0 1 8 8c0 6.3 1.6 8 2.7 9.1H5.3c1.1-1.1 2.7-2.8 2.7-9.1a8 8 0 0 1 8-8Z"/>` +
    '<path d="M13.2 26.4a3 3 0 0 0 5.6 0"/>' +
    (silent ? '<path d="M5 5 27 27"/>' : '') +
    '</g>' +
    (unread > 0 ? badge(unread > 99 ? '99+' : String(unread)) : '') +
    '</svg>'
  );
}

function badge(text: string): string {
  const width = [19, 24, 30][text.length - 1] ?? 30;
  const x = 32 - width;
  return (
    `<rect x="${x}" y="0" width="${width}" height="19" rx="9.5" fill="#d92f35"/>` +
    `<text x="${x + width / 2}" y="14.6" text-anchor="middle" fill="#fff" ` +
    `font-family="system-ui,sans-serif" font-weight="700" font-size="${text.length > 2 ? 13 : 15}">` +
    `${text}</text>`
  );
}
