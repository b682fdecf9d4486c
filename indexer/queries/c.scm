; C, and what C++ shares with it. A prototype is not a definition; a typedef is.
(comment) @comment

(function_definition !type declarator: (function_declarator
  declarator: (identifier) @_test
  parameters: (parameter_list . (parameter_declaration type: (_) @owner) . (parameter_declaration type: (_) @name) .))
  (#match? @_test "^[A-Z_]*TEST(_[A-Z]+)*$")) @definition.method
(function_definition declarator: (function_declarator declarator: (_) @name)
  (#not-match? @name "^[A-Z_]*TEST(_[A-Z]+)*$")) @definition.function
(function_definition declarator: (_ declarator: (function_declarator declarator: (_) @name))) @definition.function
(function_definition declarator: (_ declarator: (_ declarator:
  (function_declarator declarator: (_) @name)))) @definition.function
(function_definition declarator: (parenthesized_declarator (identifier) @name)) @definition.function ; TEST_IMPL(name) {
(struct_specifier name: (_) @name body: (_)) @definition.struct
(union_specifier name: (_) @name body: (_)) @definition.struct
(enum_specifier name: (_) @name body: (_)) @definition.enum
(type_definition type: (struct_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (enum_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.enum
(type_definition declarator: (type_identifier) @name) @definition.type
(type_definition declarator: (_ declarator: (type_identifier) @name)) @definition.type
(type_definition declarator: (function_declarator declarator: (parenthesized_declarator
  (pointer_declarator declarator: (type_identifier) @name)))) @definition.type
(enumerator name: (_) @name) @definition.constant
(preproc_def name: (_) @name value: (_)) @definition.macro
(preproc_function_def name: (_) @name) @definition.macro
(translation_unit (declaration declarator: (init_declarator declarator: (identifier) @name)) @definition.constant)
(translation_unit (declaration declarator: (init_declarator
  declarator: (_ declarator: (identifier) @name))) @definition.constant)
(translation_unit (declaration declarator: (init_declarator
  declarator: (_ declarator: (_ declarator: (identifier) @name)))) @definition.constant)

(call_expression function: (identifier) @reference.call)
(call_expression function: (field_expression argument: (_) @qualifier field: (_) @reference.call))

(preproc_include path: (_) @module) @reference.import
