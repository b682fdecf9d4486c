; Swift. An extension is a scope, not a definition of its own.
(comment) @comment
(multiline_comment) @comment
(attribute) @attribute

(class_declaration declaration_kind: "extension" name: (_) @name) @scope
(class_declaration declaration_kind: "struct" name: (type_identifier) @name) @definition.struct
(class_declaration declaration_kind: "enum" name: (type_identifier) @name) @definition.enum
(class_declaration declaration_kind: ["class" "actor"] name: (type_identifier) @name) @definition.class
(protocol_declaration name: (_) @name) @definition.interface
(typealias_declaration name: (type_identifier) @name) @definition.type
(associatedtype_declaration name: (type_identifier) @name) @definition.type

(function_declaration name: (simple_identifier) @name) @definition.function
(function_declaration name: [
  (custom_operator) "==" "!=" "<" ">" "<=" ">=" "+" "-" "*" "/" "%" "+=" "-=" "*=" "/=" "%" "===" "!==" "&" "|" "^" "<<" ">>" "++" "--"
] @name) @definition.function
(protocol_function_declaration name: (simple_identifier) @name) @definition.method
(init_declaration "init" @name) @definition.method
(deinit_declaration "deinit" @name) @definition.method
(subscript_declaration "subscript" @name (computed_property) @body) @definition.method
(macro_declaration (simple_identifier) @name) @definition.macro

(property_declaration name: (pattern bound_identifier: (_) @name) computed_value: (_) @body) @definition.field
(enum_entry name: (simple_identifier) @name) @definition.constant
(protocol_property_declaration name: (pattern bound_identifier: (_) @name)) @definition.field
(source_file (property_declaration name: (pattern bound_identifier: (_) @name)) @definition.constant)
(class_body (property_declaration
  (modifiers (property_modifier "static")) name: (pattern bound_identifier: (_) @name)) @definition.constant)
(enum_class_body (property_declaration
  (modifiers (property_modifier "static")) name: (pattern bound_identifier: (_) @name)) @definition.constant)

(call_expression . (simple_identifier) @reference.call)
(call_expression . (navigation_expression
  target: (_) @qualifier suffix: (navigation_suffix suffix: (simple_identifier) @reference.call)))

(inheritance_specifier inherits_from: (user_type . (type_identifier) @reference.inherit))

(import_declaration (identifier) @module) @reference.import
