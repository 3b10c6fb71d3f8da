// The language: the first of the browser's that there is a table for.

import { de } from './texts/de.ts';
import { en, type Texts } from './texts/en.ts';

const TABLES: Record<string, Texts> = { en, de };

const wanted = navigator.languages.map((language) => language.split('-')[0] ?? '');
export const language = wanted.find((name) => name in TABLES) ?? 'en';
export const texts: Texts = TABLES[language] ?? en;
