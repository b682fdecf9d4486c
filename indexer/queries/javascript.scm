; What JavaScript writes differently from TypeScript.
(field_definition
  property: (_) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(field_definition "static" property: (_) @name) @definition.constant

(class_heritage (identifier) @reference.inherit)
(class_heritage (member_expression object: (_) @qualifier property: (_) @reference.inherit))
