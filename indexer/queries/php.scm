; PHP. As with packages, a namespace does not qualify.
(comment) @comment
(attribute_list) @attribute

(class_declaration name: (_) @name) @definition.class
(interface_declaration name: (_) @name) @definition.interface
(trait_declaration name: (_) @name) @definition.trait
(enum_declaration name: (_) @name) @definition.enum
(function_definition name: (_) @name) @definition.function
(method_declaration name: (_) @name) @definition.method
(const_declaration (const_element . (name) @name)) @definition.constant
(enum_case name: (_) @name) @definition.constant
(property_declaration (static_modifier) (property_element name: (variable_name (name) @name))) @definition.constant
(program (expression_statement (assignment_expression
  left: (variable_name (name) @name)
  right: [(anonymous_function body: (_) @body) (arrow_function body: (_) @body)]) @definition.function))
(expression_statement (function_call_expression
  function: (name) @_define arguments: (arguments . (argument (string (string_content) @name)))
  (#eq? @_define "define"))) @definition.constant

(function_call_expression function: (name) @reference.call)
(function_call_expression function: (qualified_name prefix: (_) @qualifier (name) @reference.call .))
(member_call_expression object: (_) @qualifier name: (name) @reference.call)
(nullsafe_member_call_expression object: (_) @qualifier name: (name) @reference.call)
(scoped_call_expression scope: (_) @qualifier name: (name) @reference.call)
(object_creation_expression (name) @reference.call)
(object_creation_expression (qualified_name prefix: (_) @qualifier (name) @reference.call .))
(attribute (name) @reference.call)

(base_clause (name) @reference.inherit)
(base_clause (qualified_name prefix: (_) @qualifier (name) @reference.inherit .))
(class_interface_clause (name) @reference.inherit)
(class_interface_clause (qualified_name prefix: (_) @qualifier (name) @reference.inherit .))
(declaration_list (use_declaration (name) @reference.inherit))
(declaration_list (use_declaration (qualified_name prefix: (_) @qualifier (name) @reference.inherit .)))

(namespace_use_clause !alias (qualified_name prefix: (_) @module (name) @reference.import))
(namespace_use_clause (qualified_name prefix: (_) @module (name) @original) alias: (_) @reference.import)
(namespace_use_declaration (namespace_name) @module
  body: (namespace_use_group (namespace_use_clause !alias . (name) @reference.import)))
(namespace_use_declaration (namespace_name) @module
  body: (namespace_use_group (namespace_use_clause . (name) @original alias: (_) @reference.import)))
