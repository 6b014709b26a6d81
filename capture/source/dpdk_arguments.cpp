#include "capture/source/dpdk_eal.hpp"

#include <algorithm>

namespace cresset::capture::source {

std::vector<std::string> dpdk_eal::split_arguments(std::string_view text) {
  constexpr std::string_view blanks = " \t\n";
  std::vector<std::string> arguments;
  for (;;) {
    const auto start = text.find_first_not_of(blanks);
    if (start == std::string_view::npos)
      return arguments;
    text.remove_prefix(start);
    const auto end = std::min(text.find_first_of(blanks), text.size());
    arguments.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

} // namespace cresset::capture::source
