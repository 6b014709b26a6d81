#pragma once

#include "coord/journal/journal.hpp"
#include "coord/journal/tombstone.hpp"

#include <vector>

namespace cresset::tests {

/// A sound chain of `length` notes.
inline std::vector<coord::journal::entry> chain_of(int length) {
  using namespace coord::journal;
  std::vector<entry> chain;
  head end;
  for (int i = 1; i <= length; ++i) {
    event what;
    what.kind = kind::incident_note;
    what.at = timestamp_from_ns(1'795'305'600'000'000'000 + i);
    what.incident = {i % 3};
    what.by = "a.karimov";
    what.text = "note \"" + std::to_string(i) + "\"";
    chain.push_back(seal(end, what, random_salt()));
    end = {chain.back().sequence, chain.back().hash};
  }
  return chain;
}

} // namespace cresset::tests
