// What a page shows, as one object: run in the page, read by the tests.
() => {
  const article = document.querySelector('article');
  const all = (selector, what, from = document) => [...from.querySelectorAll(selector)].map(what);
  const prose = () => {
    const copy = article.cloneNode(true);
    copy.querySelectorAll('div.highlight, script, style').forEach((element) => element.remove());
    document.body.appendChild(copy);
    const text = copy.innerText;
    copy.remove();
    return text;
  };
  // A section is empty when nothing but its heading, or nothing a reader can see, is in it.
  const empty = (section) => {
    const rest = [...section.children].filter((e) => !/^(H[1-6]|SPAN)$/.test(e.tagName));
    return !rest.some((e) => e.innerText.trim() || e.querySelector('img'));
  };
  const inner = (element, selector) => element.querySelector(selector)?.innerText.trim() ?? '';
  return {
    title: document.title,
    text: article ? prose() : '',
    emptySections: article ? [...article.querySelectorAll('section')].filter(empty).map((s) => s.id) : [],
    pictures: all('img', (i) => ({ alt: i.alt, src: i.src, width: i.naturalWidth })),
    captions: Object.fromEntries(
      all('figure[id], table[id]:not(.listing)', (e) => [e.id, [inner(e, '.caption-number'), inner(e, '.caption-text')]]),
    ),
    links: all('a[href]', (a) => a.href),
    buttons: all('a.dropdown-item', (a) => a.href),
    listed: all('article li a.reference', (a) => a.hash.slice(1)),
    folds: all('details.hide > summary', (s) => s.innerText.replace(/\s+/g, ' ').trim()),
  };
}
