; What JavaScript writes differently from TypeScript.
(field_definition
  property: (_) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(field_definition "static" property: (_) @name) @definition.constant

(class_heritage (identifier) @reference.inherit)
(class_heritage (member_expression object: (_) @qualifier property: (_) @reference.inherit))

; What names stand for.
(variable_declarator name: (identifier) @binding value: (_) @value)
(function_declaration parameters: (formal_parameters (identifier) @binding.parameter))
(function_declaration parameters: (formal_parameters (assignment_pattern left: (identifier) @binding.parameter right: (_) @value)))
(function_declaration parameters: (formal_parameters (rest_pattern (identifier) @binding.parameter)))
(function_declaration parameters: (formal_parameters (object_pattern (shorthand_property_identifier_pattern) @binding)))
(generator_function_declaration parameters: (formal_parameters (identifier) @binding.parameter))
(generator_function_declaration parameters: (formal_parameters (assignment_pattern left: (identifier) @binding.parameter right: (_) @value)))
(generator_function_declaration parameters: (formal_parameters (rest_pattern (identifier) @binding.parameter)))
(generator_function_declaration parameters: (formal_parameters (object_pattern (shorthand_property_identifier_pattern) @binding)))
(method_definition parameters: (formal_parameters (identifier) @binding.parameter))
(method_definition parameters: (formal_parameters (assignment_pattern left: (identifier) @binding.parameter right: (_) @value)))
(method_definition parameters: (formal_parameters (rest_pattern (identifier) @binding.parameter)))
(method_definition parameters: (formal_parameters (object_pattern (shorthand_property_identifier_pattern) @binding)))
(arrow_function parameters: (formal_parameters (identifier) @binding.parameter)) @extent
(arrow_function parameters: (formal_parameters (assignment_pattern left: (identifier) @binding.parameter right: (_) @value))) @extent
(arrow_function parameters: (formal_parameters (rest_pattern (identifier) @binding.parameter))) @extent
(arrow_function parameters: (formal_parameters (object_pattern (shorthand_property_identifier_pattern) @binding))) @extent
(function_expression parameters: (formal_parameters (identifier) @binding.parameter)) @extent
(function_expression parameters: (formal_parameters (assignment_pattern left: (identifier) @binding.parameter right: (_) @value))) @extent
(function_expression parameters: (formal_parameters (rest_pattern (identifier) @binding.parameter))) @extent
(function_expression parameters: (formal_parameters (object_pattern (shorthand_property_identifier_pattern) @binding))) @extent
(field_definition property: (_) @binding.attribute value: (_) @value)
(assignment_expression left: (member_expression object: (this) property: (_)) @binding right: (_) @value)
