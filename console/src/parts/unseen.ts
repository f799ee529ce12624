/**
 * What turns the direction of a text, joins nothing visible, or moves the cursor: a name could pretend to be another by these. Tabs and
 * line ends are not among them.
 */
export const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;
