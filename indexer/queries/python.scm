; Python. A decorated definition begins at its first decorator.
(comment) @comment
(decorator) @attribute
(decorated_definition) @wrapper

(class_definition name: (identifier) @name) @definition.class
(function_definition name: (identifier) @name) @definition.function
(type_alias_statement left: (type) @name) @definition.type
(module (expression_statement (assignment left: (identifier) @name) @definition.constant))
(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @definition.constant))
  (#match? @name "^[A-Z][A-Z0-9_]+$"))

(class_definition body: (block . (expression_statement (string) @doc)))
(function_definition body: (block . (expression_statement (string) @doc)))

(call function: (identifier) @reference.call)
(call function: (attribute object: (_) @qualifier attribute: (identifier) @reference.call))
(decorator (identifier) @reference.call)
(decorator (attribute object: (_) @qualifier attribute: (identifier) @reference.call))

(class_definition superclasses: (argument_list (identifier) @reference.inherit))
(class_definition superclasses: (argument_list
  (attribute object: (_) @qualifier attribute: (identifier) @reference.inherit)))
(class_definition superclasses: (argument_list (subscript value: (identifier) @reference.inherit)))
(class_definition superclasses: (argument_list
  (subscript value: (attribute object: (_) @qualifier attribute: (identifier) @reference.inherit))))

(import_statement name: (dotted_name . (identifier) @reference.import) @module)
(import_statement name: (aliased_import name: (dotted_name) @module alias: (identifier) @reference.import))
(import_from_statement module_name: (_) @module name: (dotted_name) @reference.import)
(import_from_statement module_name: (_) @module
  name: (aliased_import name: (dotted_name) @original alias: (identifier) @reference.import))
(import_from_statement module_name: (_) @module (wildcard_import) @reference.import)
