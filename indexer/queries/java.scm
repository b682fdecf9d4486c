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

(method_invocation !object name: (identifier) @reference.call arguments: (_) @arguments)
(method_invocation object: (_) @qualifier name: (identifier) @reference.call arguments: (_) @arguments)
(object_creation_expression type: (type_identifier) @reference.call arguments: (_) @arguments)
(object_creation_expression type: (generic_type (type_identifier) @reference.call) arguments: (_) @arguments)
(object_creation_expression
  type: (scoped_type_identifier (_) @qualifier (type_identifier) @reference.call .) arguments: (_) @arguments)
(object_creation_expression
  type: (generic_type (scoped_type_identifier (_) @qualifier (type_identifier) @reference.call .))
  arguments: (_) @arguments)
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
(import_declaration [(scoped_identifier) (identifier)] @module (asterisk) @reference.import)

; What names stand for. A variable keeps the type it is declared with.
(package_declaration (_) @binding.package @value)
(field_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @binding.attribute))
(constant_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @binding.attribute))
(local_variable_declaration
  type: (_) @type declarator: (variable_declarator name: (identifier) @binding value: (_)? @value))
(method_declaration parameters: (formal_parameters (formal_parameter
  type: (_) @type name: (identifier) @binding.parameter)))
(constructor_declaration parameters: (formal_parameters (formal_parameter
  type: (_) @type name: (identifier) @binding.parameter)))
(record_declaration parameters: (formal_parameters (formal_parameter
  type: (_) @type name: (identifier) @binding.attribute)))
(formal_parameters (spread_parameter
  [(type_identifier) (generic_type) (scoped_type_identifier) (array_type)] @type
  (variable_declarator name: (identifier) @binding.each)))
(lambda_expression parameters: (identifier) @binding.parameter) @extent
(lambda_expression parameters: (inferred_parameters (identifier) @binding.parameter)) @extent
(lambda_expression parameters: (formal_parameters (formal_parameter
  type: (_) @type name: (identifier) @binding.parameter))) @extent
(method_invocation
  object: (_) @value name: (identifier) @_each
  arguments: (argument_list . (lambda_expression parameters: (identifier) @binding.element) @extent)
  (#any-of? @_each "forEach" "map" "filter" "anyMatch" "allMatch" "noneMatch" "flatMap" "removeIf" "mapToInt"))
(enhanced_for_statement type: (_) @type name: (identifier) @binding (#not-eq? @type "var")) @extent
(enhanced_for_statement type: (_) @_type name: (identifier) @binding.element value: (_) @value (#eq? @_type "var"))
(catch_formal_parameter (catch_type) @type name: (identifier) @binding)
(resource type: (_) @type name: (identifier) @binding value: (_)? @value)
(instanceof_expression right: (_) @type name: (identifier) @binding)
(type_pattern (_) @type (identifier) @binding)
(type_parameter (type_identifier) @binding.generic (type_bound . (_) @type))
(type_parameter (type_identifier) @binding.generic .)
(method_declaration type: (_) @returns)
