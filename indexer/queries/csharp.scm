; C#. As with packages, a namespace does not qualify.
(comment) @comment
(attribute_list) @attribute

(class_declaration name: (_) @name) @definition.class
(record_declaration name: (_) @name) @definition.class
(struct_declaration name: (_) @name) @definition.struct
(interface_declaration name: (_) @name) @definition.interface
(enum_declaration name: (_) @name) @definition.enum
(delegate_declaration name: (_) @name) @definition.type
(method_declaration name: (_) @name) @definition.method
(constructor_declaration name: (_) @name) @definition.method
(destructor_declaration name: (_) @name) @definition.method
(operator_declaration operator: _ @name) @definition.method
(indexer_declaration "this" @name) @definition.method
(local_function_statement name: (_) @name) @definition.function
(property_declaration name: (_) @name [(accessor_list) (arrow_expression_clause)] @body) @definition.field
(event_field_declaration (variable_declaration (variable_declarator name: (_) @name))) @definition.field
(event_declaration name: (_) @name) @definition.field
(enum_member_declaration name: (_) @name) @definition.constant
(field_declaration (modifier) @_modifier (variable_declaration (variable_declarator name: (_) @name))
  (#any-of? @_modifier "const" "static")) @definition.constant

(invocation_expression function: (identifier) @reference.call)
(invocation_expression function: (generic_name (identifier) @reference.call))
(invocation_expression function: (member_access_expression
  expression: (_) @qualifier name: (identifier) @reference.call))
(invocation_expression function: (member_access_expression
  expression: (_) @qualifier name: (generic_name (identifier) @reference.call)))
(invocation_expression function: (conditional_access_expression
  condition: (_) @qualifier (member_binding_expression name: (identifier) @reference.call)))
(object_creation_expression type: (identifier) @reference.call)
(object_creation_expression type: (generic_name (identifier) @reference.call))
(object_creation_expression type: (qualified_name qualifier: (_) @qualifier name: (identifier) @reference.call))
(attribute name: (identifier) @reference.call)

(base_list (identifier) @reference.inherit)
(base_list (generic_name (identifier) @reference.inherit))
(base_list (qualified_name qualifier: (_) @qualifier name: (identifier) @reference.inherit))
(base_list (primary_constructor_base_type type: (identifier) @reference.inherit))
(base_list (primary_constructor_base_type type: (generic_name (identifier) @reference.inherit)))

(using_directive !name [(identifier) (qualified_name)] @module) @reference.import
(using_directive name: (_) @reference.import [(identifier) (qualified_name)] @module .)
