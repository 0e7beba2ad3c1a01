Console.WriteLine("keyway");
return 0;
