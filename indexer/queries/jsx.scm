; What JavaScript and TSX hold beyond TypeScript: elements and, in JavaScript, plain fields and heritage.
(jsx_opening_element name: (identifier) @reference.call (#match? @reference.call "^[A-Z]"))
(jsx_self_closing_element name: (identifier) @reference.call (#match? @reference.call "^[A-Z]"))
