using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ppd;

/// <summary>Plans by name in JSON settings.</summary>
sealed class PpdPlanJsonConverter : JsonConverter<PpdPlan>
{
    public override PpdPlan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return PpdPlan.Parse(reader.TokenType == JsonTokenType.String ? reader.GetString()! : reader.TokenType.ToString());
        }
        catch (FormatException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    public override void Write(Utf8JsonWriter writer, PpdPlan value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Plans by name in configuration files and environment variables.</summary>
sealed class PpdPlanTypeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => PpdPlan.Parse((string)value);
}
