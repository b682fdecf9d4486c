; Haskell. A signature and the equations that follow it are one definition; an instance is a scope.
(comment) @comment
(haddock) @comment

(instance patterns: (_) @name) @scope

(class name: (_) @name declarations: (_) @body) @definition.class
(class name: (_) @name) @definition.class
(data_type name: (_) @name) @definition.type
(newtype name: (_) @name) @definition.type
(data_constructor constructor: (_ name: (_) @name)) @definition.constant
(gadt_constructor name: (_) @name) @definition.constant
(newtype_constructor name: (_) @name) @definition.constant
(field name: (field_name (variable) @name)) @definition.field
(type_synonym name: (_) @name) @definition.type
(type_family name: (_) @name) @definition.type
(data_family name: (_) @name) @definition.type
(pattern_synonym (signature synonym: (_) @name)) @clause.constant
(pattern_synonym (equation synonym: (_) @name)) @clause.constant
(foreign_import signature: (signature name: (_) @name)) @definition.function

(declarations (signature name: (variable) @name) @clause.function)
(declarations (signature name: (prefix_id (_) @name)) @clause.function)
(declarations (signature names: (binding_list name: (variable) @name)) @clause.function)
(declarations (function name: (variable) @name) @clause.function)
(declarations (function name: (prefix_id (_) @name)) @clause.function)
(declarations (function (infix operator: (_) @name)) @clause.function)
(declarations (bind name: (variable) @name) @clause.function)
(class_declarations (signature name: (variable) @name) @clause.method)
(class_declarations (signature name: (prefix_id (_) @name)) @clause.method)
(class_declarations (function name: (variable) @name) @clause.method)
(class_declarations (bind name: (variable) @name) @clause.method)
(instance_declarations (function name: (variable) @name) @clause.method)
(instance_declarations (function name: (prefix_id (_) @name)) @clause.method)
(instance_declarations (function (infix operator: (_) @name)) @clause.method)
(instance_declarations (bind name: (variable) @name) @clause.method)
(instance_declarations (bind name: (prefix_id (_) @name)) @clause.method)

(apply function: (variable) @reference.call)
(apply function: (constructor) @reference.call)
(apply function: (qualified module: (_) @qualifier id: (_) @reference.call))

(instance name: (_) @reference.inherit)
(class context: (context (apply constructor: (name) @reference.inherit)))

(import module: (module) @module names: (import_list name: (import_name [(variable) (name)] @reference.import)))
(import module: (module) @module alias: (module) @reference.import)
(import module: (module) @module !names !alias) @reference.import
