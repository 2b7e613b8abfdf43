using System.Text.Json;
using Ppd.Chat.Schemas;
using Ppd.Grammars;

namespace Ppd.Tests.Chat.Schemas;

public sealed class JsonSchemaGrammarTests
{
    [Fact]
    public void Values_that_satisfy_a_schema_are_accepted_and_others_are_not()
    {
        List<string> wrong = [];
        var (accepted, rejected) = (0, 0);
        foreach (var @case in SchemaCase.All)
        {
            var states = new GrammarStates(JsonSchemaGrammar.Compile(@case.Schema));
            foreach (var text in @case.Accepted)
            {
                accepted++;
                if (!states.Matches(text)) wrong.Add($"{@case.Name}: {Short(text)} is rejected");
            }
            foreach (var text in @case.Rejected)
            {
                rejected++;
                if (states.Matches(text)) wrong.Add($"{@case.Name}: {Short(text)} is accepted");
            }
        }
        wrong.ShouldBeEmpty();
        SchemaCase.All.Count.ShouldBeGreaterThanOrEqualTo(150);
        accepted.ShouldBeGreaterThan(300);
        rejected.ShouldBeGreaterThan(400);
    }

    // What the grammars allow, drawn at random, is valid JSON that satisfies the schema: both directions together leave little room for errors.
    [Fact]
    public void Whatever_a_grammar_allows_satisfies_its_schema()
    {
        List<string> wrong = [];
        var random = new Random(1);
        var checkedTexts = 0;
        foreach (var @case in SchemaCase.All)
        {
            var grammar = JsonSchemaGrammar.Compile(@case.Schema);
            var validator = new SchemaValidator(@case.Schema);
            for (var i = 0; i < 40; i++)
            {
                if (RandomText.Draw(grammar, random, 600) is not { } text) continue;
                checkedTexts++;
                try
                {
                    using var json = JsonDocument.Parse(text);
                    if (!validator.IsValid(json.RootElement)) wrong.Add($"{@case.Name}: {Short(text)} does not satisfy the schema");
                }
                catch (JsonException)
                {
                    wrong.Add($"{@case.Name}: {Short(text)} is no JSON");
                }
            }
        }
        wrong.ShouldBeEmpty();
        checkedTexts.ShouldBeGreaterThan(4000);
    }

    [Fact]
    public void The_same_schema_gives_the_same_text()
    {
        foreach (var @case in SchemaCase.All.Take(SchemaCase.All.Count / 2))
            JsonSchemaGrammar.Compile(@case.Schema).Text.ShouldBe(JsonSchemaGrammar.Compile(@case.Schema.Clone()).Text, @case.Name);
        SchemaCase.All.Count.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Any_object_is_any_json_object()
    {
        var states = new GrammarStates(JsonSchemaGrammar.AnyObject);
        foreach (var text in new[] { "{}", """{"a": [1, {"b": null}], "c": -1.5e+3, "d": ""}""" }) states.Matches(text).ShouldBeTrue(text);
        foreach (var text in new[] { "[]", "1", """{"a": }""", """{"a": 1,}""", "{} " }) states.Matches(text).ShouldBeFalse(text);
    }

    [Theory]
    [InlineData("""{"type": "object", "properties": {"a": {"type": "array", "uniqueItems": true}}}""", "uniqueItems", "#/properties/a")]
    [InlineData("""{"not": {"type": "string"}}""", "not", "#")]
    [InlineData("""{"if": {}, "then": {}}""", "if", "#")]
    [InlineData("""{"type": "object", "properties": {"a": {}}, "patternProperties": {"^x": {}}}""", "patternProperties", "#")]
    [InlineData("""{"type": "object", "propertyNames": {"maxLength": 3}}""", "propertyNames", "#")]
    [InlineData("""{"type": "object", "dependentRequired": {"a": ["b"]}}""", "dependentRequired", "#")]
    [InlineData("""{"type": "array", "contains": {"type": "string"}}""", "contains", "#")]
    [InlineData("""{"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer", "multipleOf": 7}]}}""", "multipleOf", "#/items/anyOf/1")]
    [InlineData("""{"type": "integer", "multipleOf": 10, "minimum": 5}""", "multipleOf", "#")]
    [InlineData("""{"type": "string", "format": "regex"}""", "format", "#")]
    [InlineData("""{"type": "integer", "format": "date"}""", "format", "#")]
    [InlineData("""{"type": "string", "format": "date", "maxLength": 10}""", "format", "#")]
    [InlineData("""{"type": "string", "pattern": "^a(?=b)"}""", "pattern", "#")]
    [InlineData("""{"type": "string", "pattern": "^(a)\\1$"}""", "pattern", "#")]
    [InlineData("""{"type": "string", "pattern": "\\bword\\b"}""", "pattern", "#")]
    [InlineData("""{"type": "string", "pattern": "^[a-z"}""", "pattern", "#")]
    [InlineData("""{"type": "string", "pattern": "^(a|bb)*$", "maxLength": 4}""", "pattern", "#")]
    [InlineData("""{"type": "string", "pattern": "^a{99999}$"}""", "pattern", "#")]
    [InlineData("""{"type": "string", "minLength": 20000}""", "minLength", "#")]
    [InlineData("""{"type": "string", "minLength": -1}""", "minLength", "#")]
    [InlineData("""{"type": "string", "minLength": 5, "maxLength": 4}""", "maxLength", "#")]
    [InlineData("""{"type": "text"}""", "type", "#")]
    [InlineData("""{"type": []}""", "type", "#")]
    [InlineData("""{"enum": []}""", "enum", "#")]
    [InlineData("""{"type": "integer", "enum": ["a"]}""", "enum", "#")]
    [InlineData("""{"type": "integer", "minimum": 3, "maximum": 2}""", "minimum", "#")]
    [InlineData("""{"type": "integer", "minimum": "3"}""", "minimum", "#")]
    [InlineData("""{"type": "integer", "minimum": 1e30}""", "minimum", "#")]
    [InlineData("""{"type": "object", "properties": {"a": {}}, "required": ["b"], "additionalProperties": false}""", "required", "#")]
    [InlineData("""{"type": "object", "properties": {"a": false}, "required": ["a"]}""", "required", "#")]
    [InlineData("""{"type": "object", "properties": {"a": {}, "b": {}}, "minProperties": 1}""", "minProperties", "#")]
    [InlineData("""{"type": "object", "properties": {"a": {}, "b": {}}, "maxProperties": 1}""", "maxProperties", "#")]
    [InlineData("""{"oneOf": [{"type": "number"}, {"type": "integer"}]}""", "oneOf", "#")]
    [InlineData("""{"oneOf": [{"type": "string"}, {"type": "string", "maxLength": 3}]}""", "oneOf", "#")]
    [InlineData("""{"oneOf": [{"type": "object", "properties": {"a": {}}}, {"type": "object", "properties": {"b": {}}}]}""", "oneOf", "#")]
    [InlineData("""{"allOf": [{"pattern": "a"}, {"pattern": "b"}]}""", "pattern", "#")]
    [InlineData("""{"allOf": [{"type": "string"}, {"type": "integer"}]}""", "false", "#")]
    [InlineData("""{"allOf": [{"properties": {"a": {}}, "additionalProperties": false}, {"properties": {"b": {}}}]}""", "additionalProperties", "#")]
    [InlineData("""{"$ref": "#/$defs/none"}""", "$ref", "#")]
    [InlineData("""{"$ref": "other.json"}""", "$ref", "#")]
    [InlineData("""{"$ref": "#"}""", "$ref", "#")]
    [InlineData("""{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}""", "$ref", "#")]
    [InlineData("""{"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]}""", "$ref", "#")]
    [InlineData("""{"anyOf": [{"$ref": "#"}, {"type": "string"}]}""", "$ref", "#")]
    [InlineData("""{"type": "object", "properties": {"a": false}, "allOf": [{"$ref": "#"}]}""", "$ref", "#/allOf/0")]
    [InlineData("false", "false", "#")]
    [InlineData("3", "3", "#")]
    [InlineData("""{"properties": {"a": 1}}""", "1", "#/properties/a")]
    public void What_cannot_be_guaranteed_is_refused_by_keyword_and_place(string schema, string keyword, string pointer)
    {
        using var json = JsonDocument.Parse(schema);
        var error = Should.Throw<PpdSchemaException>(() => JsonSchemaGrammar.Compile(json.RootElement));
        error.Keyword.ShouldBe(keyword);
        error.Pointer.ShouldBe(pointer);
        error.Message.ShouldContain($"'{keyword}' at '{pointer}'");
    }

    static string Short(string text) => text.Length > 120 ? $"{text[..120]}… ({text.Length})" : text;
}
