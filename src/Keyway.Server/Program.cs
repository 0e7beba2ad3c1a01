using Keyway.Server.CommandLine;

return (int)KeywayCommand.Invoke(args);
