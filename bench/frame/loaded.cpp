#include "loaded.hpp"

#include "head_facts.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <string>
#include <utility>

namespace ostiary::bench {

namespace {

struct Close {
  void operator()(void* library) const noexcept { dlclose(library); }
};
using Library = std::unique_ptr<void, Close>;

template <typename Function>
Function* entry(const Library& library, const char* name) {
  void* const found = dlsym(library.get(), name);
  if (found == nullptr) throw Unavailable(std::string("it does not export ") + name);
  return reinterpret_cast<Function*>(found);
}

Library load(std::string_view contestant) {
  const auto folder = std::filesystem::canonical("/proc/self/exe").parent_path() / "peers";
  const std::string file = folder / (std::string(contestant) + ".so");
  if (!std::filesystem::exists(file)) throw Unavailable("peers/" + std::string(contestant) + ".so is not built");
  Library library(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (!library) throw Unavailable(dlerror());
  return library;
}

class LoadedHeadTask final : public Task {
 public:
  LoadedHeadTask(Library library, const std::vector<Input>& inputs)
      : library_(std::move(library)),
        run_(entry<decltype(head_run)>(library_, "head_run")),
        facts_(entry<decltype(head_facts)>(library_, "head_facts")) {
    for (const Input& input : inputs) heads_.push_back(input.bytes);
    for (const std::string& head : heads_) texts_.push_back(head_text(head));
  }

  [[nodiscard]] std::size_t size() const override { return texts_.size(); }
  [[nodiscard]] std::uint64_t run(std::uint64_t rounds) override { return run_(texts_.data(), texts_.size(), rounds); }

  [[nodiscard]] std::vector<std::string> facts() const override {
    std::vector<std::string> all;
    const auto facts = std::make_unique<HeadFacts>();
    for (const HeadText text : texts_) all.push_back(facts_(text, facts.get()) == 1 ? describe(*facts) : "refused");
    return all;
  }

 private:
  Library library_;
  decltype(head_run)* run_;
  decltype(head_facts)* facts_;
  std::vector<std::string> heads_;
  std::vector<HeadText> texts_;
};

}  // namespace

std::unique_ptr<Task> loaded_head_task(std::string_view contestant, const std::vector<Input>& inputs) {
  return std::make_unique<LoadedHeadTask>(load(contestant), inputs);
}

}  // namespace ostiary::bench
