#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cresset::detect::pattern {

/// The name and version of the matching library as it says itself: "5.4.0 2022-11-07".
std::string library_version();

/// Why the library of this version must not be used; nothing when it may. Vectorscan, Hyperscan's
/// fork, misses and invents matches before 5.4.12.
std::optional<std::string> refusal_of_version(std::string_view version);

/// The same for the library that is linked, and for the processor it runs on. Call once at
/// start-up.
std::optional<std::string> refusal_of_library();

} // namespace cresset::detect::pattern
