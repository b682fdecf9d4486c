; Ruby. `class << self` lends no name.
(comment) @comment

(module name: (_) @name) @definition.module
(class name: (_) @name) @definition.class
(method name: (_) @name) @definition.method
(singleton_method name: (_) @name) @definition.method
(assignment left: (constant) @name right: (call
  receiver: (constant) @_class method: (identifier) @_new [(block) (do_block)] @body)
  (#any-of? @_class "Class" "Module" "Struct" "Data") (#any-of? @_new "new" "define")) @definition.class
(assignment left: (constant) @name) @definition.constant
(assignment left: (scope_resolution) @name) @definition.constant
(call method: (identifier) @_macro arguments: (argument_list (simple_symbol) @name)
  (#any-of? @_macro "attr_reader" "attr_writer" "attr_accessor" "class_attribute" "mattr_accessor")) @definition.field
(call method: (identifier) @_define arguments: (argument_list . (simple_symbol) @name) block: (_) @body
  (#any-of? @_define "define_method" "define_singleton_method")) @definition.method
(call method: (identifier) @_alias arguments: (argument_list . (simple_symbol) @name)
  (#eq? @_alias "alias_method")) @definition.method
(alias name: (identifier) @name) @definition.method
; A test is named by its sentence.
(call !receiver method: (identifier) @_test arguments: (argument_list . (string (string_content) @name)) block: (_) @body
  (#any-of? @_test "it" "test" "specify") (#match? @name " ")) @definition.function

(call !receiver method: (identifier) @reference.call (#not-match? @reference.call
  "^(require|require_relative|include|extend|prepend|attr_\\w+|private|protected|public|module_function|alias_method)$"))
(call receiver: (_) @qualifier method: (_) @reference.call)
(super) @reference.call

(superclass (constant) @reference.inherit)
(superclass (scope_resolution scope: (_) @qualifier name: (_) @reference.inherit))
(call !receiver method: (identifier) @_include arguments: (argument_list (constant) @reference.inherit)
  (#any-of? @_include "include" "extend" "prepend"))
(call !receiver method: (identifier) @_include arguments: (argument_list
  (scope_resolution scope: (_) @qualifier name: (_) @reference.inherit))
  (#any-of? @_include "include" "extend" "prepend"))

(call !receiver method: (identifier) @_require arguments: (argument_list (string) @module)
  (#any-of? @_require "require" "require_relative" "load")) @reference.import
(call !receiver method: (identifier) @_autoload
  arguments: (argument_list . (simple_symbol) @reference.import (string) @module)
  (#eq? @_autoload "autoload"))
