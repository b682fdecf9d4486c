; Java.
(line_comment) @comment
(block_comment) @comment
(marker_annotation) @attribute
(annotation) @attribute

(class_declaration name: (_) @name) @definition.class
(record_declaration name: (_) @name) @definition.class
(interface_declaration name: (_) @name) @definition.interface
(annotation_type_declaration name: (_) @name) @definition.interface
(enum_declaration name: (_) @name) @definition.enum
(method_declaration name: (_) @name) @definition.method
(constructor_declaration name: (_) @name) @definition.method
(compact_constructor_declaration name: (_) @name) @definition.method
(annotation_type_element_declaration name: (_) @name) @definition.method
(field_declaration (modifiers "static" "final")
  declarator: (variable_declarator name: (_) @name)) @definition.constant
(constant_declaration declarator: (variable_declarator name: (_) @name)) @definition.constant
(enum_constant name: (_) @name) @definition.constant

(method_invocation !object name: (identifier) @reference.call)
(method_invocation object: (_) @qualifier name: (identifier) @reference.call)
(object_creation_expression type: (type_identifier) @reference.call)
(object_creation_expression type: (generic_type (type_identifier) @reference.call))
(object_creation_expression type: (scoped_type_identifier (_) @qualifier (type_identifier) @reference.call .))
(method_reference . (_) @qualifier (identifier) @reference.call .)
(marker_annotation name: (identifier) @reference.call)
(annotation name: (identifier) @reference.call)

(superclass (type_identifier) @reference.inherit)
(superclass (generic_type (type_identifier) @reference.inherit))
(superclass (scoped_type_identifier (_) @qualifier (type_identifier) @reference.inherit .))
(superclass (generic_type (scoped_type_identifier (_) @qualifier (type_identifier) @reference.inherit .)))
(type_list (type_identifier) @reference.inherit)
(type_list (generic_type (type_identifier) @reference.inherit))
(type_list (scoped_type_identifier (_) @qualifier (type_identifier) @reference.inherit .))
(type_list (generic_type (scoped_type_identifier (_) @qualifier (type_identifier) @reference.inherit .)))

(import_declaration (scoped_identifier scope: (_) @module name: (identifier) @reference.import) .)
(import_declaration (scoped_identifier) @module (asterisk) @reference.import)
