; Kotlin. A companion object lends no name: what stands in it belongs to the class.
(line_comment) @comment
(block_comment) @comment
(annotation) @attribute

(class_declaration "interface" name: (_) @name (class_body) @body) @definition.interface
(class_declaration "interface" name: (_) @name) @definition.interface
(class_declaration (modifiers (class_modifier "enum")) name: (_) @name (enum_class_body) @body) @definition.enum
(class_declaration name: (_) @name (class_body) @body) @definition.class
(class_declaration name: (_) @name) @definition.class
(object_declaration name: (_) @name (class_body) @body) @definition.class
(object_declaration name: (_) @name) @definition.class
(type_alias type: (identifier) @name) @definition.type
(enum_entry (identifier) @name) @definition.constant

(function_declaration [(user_type) (nullable_type)] @owner . name: (_) @name (function_body) @body) @definition.method
(function_declaration [(user_type) (nullable_type)] @owner . name: (_) @name) @definition.method
(function_declaration name: (_) @name (function_body) @body) @definition.function
(function_declaration name: (_) @name) @definition.function
(secondary_constructor "constructor" @name (block) @body) @definition.method

(property_declaration [(user_type) (nullable_type)] @owner
  . (variable_declaration . (identifier) @name) (getter) @body) @definition.field
(class_body (property_declaration (variable_declaration . (identifier) @name) (getter) @body) @definition.field)
(class_declaration "interface" (class_body (property_declaration
  (variable_declaration . (identifier) @name)) @definition.field))
(source_file (property_declaration (variable_declaration . (identifier) @name)) @definition.constant)
(object_declaration (class_body (property_declaration
  (variable_declaration . (identifier) @name)) @definition.constant))
(companion_object (class_body (property_declaration
  (variable_declaration . (identifier) @name)) @definition.constant))

(call_expression . (identifier) @reference.call)
(call_expression . (navigation_expression (_) @qualifier . (identifier) @reference.call .))
(annotation (user_type (identifier) @reference.call .))
(annotation (constructor_invocation (user_type (identifier) @reference.call .)))

(delegation_specifier (user_type . (identifier) @reference.inherit))
(delegation_specifier (constructor_invocation (user_type . (identifier) @reference.inherit)))

(import (qualified_identifier) @module . "*" @reference.import)
(import (qualified_identifier (identifier) @reference.import .) @module .)
(import (qualified_identifier (identifier) @original .) @module . (identifier) @reference.import)
