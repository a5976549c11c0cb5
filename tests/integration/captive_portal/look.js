// What axe does not look for: a page wider than the phone, targets too small for a thumb, words broken in the middle,
// a place of the keyboard that is not seen or comes out of turn. Each flaw is "kind: where".

const shown = one => one.checkVisibility();
const all = what => [...document.querySelectorAll(what)].filter(shown);
const name = one => one.outerHTML.slice(0, 90);
const TARGETS = "a[href], button, summary, input:not([type=hidden]), select, textarea";

globalThis.wide = () => all("body *").filter(one => one.getBoundingClientRect().right > innerWidth + 1
    || one.matches("button, .button, p, h1, h2, dd, li") && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).display !== "inline").map(one => "wide: " + name(one));

function broken() {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode;
        if (!shown(text.parentElement)) continue;
        for (const word of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(rect => Math.round(rect.top))).size > 1)
                found.push("broken: " + word[0]);
        }
    }
    return found;
}

globalThis.look = () => [
    ...wide(),
    ...all(TARGETS).filter(one => one.getBoundingClientRect().height < 44).map(one => "small: " + name(one)),
    ...broken(),
    ...all("button.button:not(.plain), a.button:not(.plain)").slice(1).map(one => "second main action: " + name(one)),
];

globalThis.keys = () => [
    ...all("[tabindex]").filter(one => one.tabIndex > 0).map(one => "order: " + name(one)),
    ...all(TARGETS).filter(one => {
        one.focus({focusVisible: true});
        return getComputedStyle(one).outlineStyle === "none";
    }).map(one => "unseen: " + name(one)),
];
