global using Microsoft.Extensions.AI;
global using Microsoft.SemanticKernel;
global using Microsoft.SemanticKernel.ChatCompletion;
global using Shouldly;
global using Xunit;
