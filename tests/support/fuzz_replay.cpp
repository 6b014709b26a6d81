// Runs a fuzz target without libFuzzer: every file of its corpus, and a fixed number of mutations
// of each, always the same ones. What libFuzzer finds is added to the corpus and is from then on a
// regression test of the ordinary build.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

constexpr int mutations_per_seed = 200;

std::vector<std::uint8_t> read(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

void mutate(std::vector<std::uint8_t>& bytes, std::mt19937& random) {
  const auto place = [&] { return random() % bytes.size(); };
  for (auto left = 1 + random() % 4; left > 0 && !bytes.empty(); --left) {
    switch (random() % 4) {
    case 0: bytes[place()] = static_cast<std::uint8_t>(random()); break;
    case 1: bytes[place()] ^= static_cast<std::uint8_t>(1U << random() % 8); break;
    case 2: bytes.resize(place()); break;
    default:
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place()),
                   static_cast<std::uint8_t>(random()));
    }
  }
}

} // namespace

int main(int argc, char** argv) {
  std::vector<std::vector<std::uint8_t>> seeds{
      {}, std::vector<std::uint8_t>(64, 0), std::vector<std::uint8_t>(1500, 0xff)};
  if (argc > 1 && std::filesystem::is_directory(argv[1]))
    for (const auto& entry : std::filesystem::directory_iterator{argv[1]})
      seeds.push_back(read(entry.path()));
  std::mt19937 random{20260101};
  std::size_t runs = 0;
  for (const auto& seed : seeds) {
    LLVMFuzzerTestOneInput(seed.data(), seed.size());
    for (int i = 0; i < mutations_per_seed; ++i, ++runs) {
      auto bytes = seed;
      mutate(bytes, random);
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
  }
  std::printf("%zu seeds, %zu mutations\n", seeds.size(), runs);
}
