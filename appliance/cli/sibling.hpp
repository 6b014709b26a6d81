#pragma once

#include "capture/base/expected.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::appliance::cli {

/// Runs another of our programs, which lies beside this one, and gives what it prints to `sink`,
/// piece by piece. One line why not when it fails. It is how this command asks a server's store
/// without a line of SQL in it.
expected<void, std::string> read_sibling(const std::string& program,
                                         const std::vector<std::string>& words,
                                         const std::function<void(std::string_view)>& sink);

/// The same for a program whose failure is an answer: its exit is not judged, only that it ran.
/// Gives all it printed.
struct said {
  bool succeeded = false;
  std::string output;
  std::string errors;
};
said ask_sibling(const std::string& program, const std::vector<std::string>& words);

} // namespace cresset::appliance::cli
