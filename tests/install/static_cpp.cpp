// A consumer of the compiled C++ library.
#include <ostiary/policy/compile.hpp>

#include <iostream>

int main() {
  const ostiary::CompiledGate gate = ostiary::compile_gate("[");
  if (gate.ok()) return 1;
  std::cout << "static: " << gate.errors.front().message << '\n';
  return gate.errors.front().reason == ostiary::Reason::kGateJson ? 0 : 1;
}
