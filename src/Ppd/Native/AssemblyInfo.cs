using System.Runtime.CompilerServices;

// C structs cross the border by value as they are, without the marshaller's copies.
[assembly: DisableRuntimeMarshalling]
