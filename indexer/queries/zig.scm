; Zig. A container is a constant whose value is a struct, an enum or a union.
(comment) @comment

(variable_declaration . (identifier) @name (struct_declaration "{" @body) .) @definition.struct
(variable_declaration . (identifier) @name (union_declaration "{" @body) .) @definition.struct
(variable_declaration . (identifier) @name (opaque_declaration "{" @body) .) @definition.struct
(variable_declaration . (identifier) @name (enum_declaration "{" @body) .) @definition.enum
(variable_declaration . (identifier) @name (error_set_declaration) .) @definition.enum
(source_file (variable_declaration . (identifier) @name) @definition.constant)
(struct_declaration (variable_declaration . (identifier) @name) @definition.constant)
(enum_declaration (variable_declaration . (identifier) @name) @definition.constant)
(union_declaration (variable_declaration . (identifier) @name) @definition.constant)
(enum_declaration (container_field name: (identifier) @name) @definition.constant)
(function_declaration name: (identifier) @name) @definition.function
(test_declaration (string (string_content) @name) (block) @body (#match? @name " ")) @definition.function

(call_expression function: (identifier) @reference.call)
(call_expression function: (field_expression object: (_) @qualifier member: (identifier) @reference.call))

(variable_declaration . (identifier) @reference.import
  (builtin_function (builtin_identifier) @_import (arguments (string (string_content) @module)))
  (#eq? @_import "@import"))
(variable_declaration . (identifier) @reference.import
  (field_expression object: (builtin_function
    (builtin_identifier) @_import (arguments (string (string_content) @module))) member: (identifier) @original)
  (#eq? @_import "@import"))
