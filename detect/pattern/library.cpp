#include "detect/pattern/library.hpp"

#include <hs/hs.h>

#include <array>
#include <charconv>

namespace cresset::detect::pattern {

namespace {

constexpr std::array<int, 3> first_good_vectorscan{5, 4, 12};

/// The three numbers at the front of "5.4.0 …"; those that are missing are 0.
std::array<int, 3> numbers_of(std::string_view version) {
  std::array<int, 3> numbers{};
  for (auto& number : numbers) {
    const auto [end, problem] =
        std::from_chars(version.data(), version.data() + version.size(), number);
    if (problem != std::errc{})
      break;
    version.remove_prefix(static_cast<std::size_t>(end - version.data()));
    if (!version.starts_with('.'))
      break;
    version.remove_prefix(1);
  }
  return numbers;
}

} // namespace

std::string library_version() {
  return hs_version();
}

std::optional<std::string> refusal_of_version(std::string_view version) {
  const auto numbers = numbers_of(version);
  if (numbers == std::array<int, 3>{})
    return "the matching library does not say its version: '" + std::string{version} + "'";
  // Hyperscan ended with 5.4.2 in freely licensed form; what counts further is the fork, which
  // names itself in later versions only.
  const bool is_fork =
      numbers > std::array<int, 3>{5, 4, 2} || version.find("ectorscan") != std::string_view::npos;
  if (is_fork && numbers < first_good_vectorscan)
    return "Vectorscan " + std::string{version} +
           " misses and invents matches; 5.4.12 or Hyperscan is needed";
  return std::nullopt;
}

std::optional<std::string> refusal_of_library() {
  if (hs_valid_platform() != HS_SUCCESS)
    return "the processor lacks SSSE3, which the matching library needs";
  return refusal_of_version(library_version());
}

} // namespace cresset::detect::pattern
