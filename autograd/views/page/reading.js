// Reading the document: what the page was given, and short ways to find its elements.

const main = document.querySelector("main.stepper");
const one = (selector, within = main) => within.querySelector(selector);
const all = (selector, within = main) => [...within.querySelectorAll(selector)];

const { nodes, steps: passes, digits, output, labelled, update, groups, practice, measures: { beside, digit } } = JSON.parse(one("script[type='application/json']").textContent);
const written = (number) => shortest(number, digits);
const writtenWithin = (characters, number) => shortestWithin(characters, number, digits);
