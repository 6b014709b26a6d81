#include "appliance/cli/audit.hpp"

#include "coord/journal/export_line.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

BOOST_AUTO_TEST_SUITE(cli_audit)

using namespace cresset;
using namespace cresset::appliance::cli;
using namespace cresset::coord;

namespace {

std::vector<journal::entry> chain_of(int entries) {
  std::vector<journal::entry> chain;
  journal::head end;
  for (int i = 1; i <= entries; ++i) {
    journal::event what;
    what.kind = journal::kind::incident_note;
    what.at = timestamp_from_ns(i);
    what.incident = {1};
    what.by = "ana";
    what.text = "note " + std::to_string(i);
    chain.push_back(journal::seal(end, what, journal::random_salt()));
    end = {chain.back().sequence, chain.back().hash};
  }
  return chain;
}

std::vector<published_checkpoint> published(const std::vector<journal::entry>& chain,
                                            std::vector<std::size_t> at) {
  std::vector<published_checkpoint> made;
  for (const auto index : at)
    made.push_back({"2026-11-22T05:00:00.000Z", {{chain[index].sequence, chain[index].hash}}});
  return made;
}

audit_verdict verdict_of(const std::vector<journal::entry>& chain,
                         std::vector<published_checkpoint> known) {
  auditor audit{std::move(known)};
  for (const auto& entry : chain)
    audit.read(journal::export_line(entry));
  return audit.finish();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_sound_journal_says_which_checkpoint_it_goes_back_to) {
  const auto chain = chain_of(9);
  const auto verdict = verdict_of(chain, published(chain, {2, 6}));
  BOOST_TEST(verdict.is_sound());
  BOOST_TEST(in_words(verdict).find("last published checkpoint that holds is entry 7 of "
                                    "2026-11-22T05:00:00.000Z") != std::string::npos);
  BOOST_TEST(in_words(verdict).find("2 entries follow it") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_entry_changed_alone_breaks_the_chain) {
  auto chain = chain_of(9);
  const auto known = published(chain, {2, 6});
  chain[4].body = "{\"by\":\"eve\"}";
  const auto verdict = verdict_of(chain, known);
  BOOST_TEST(!verdict.is_sound());
  BOOST_TEST(in_words(verdict).find("entry 5: body_changed") != std::string::npos);
  BOOST_TEST(in_words(verdict).find("checkpoint that holds is entry 3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_journal_written_anew_from_some_entry_on_meets_its_checkpoints) {
  const auto chain = chain_of(9);
  auto forged = std::vector(chain.begin(), chain.begin() + 4);
  for (int i = 5; i <= 9; ++i) {
    journal::event what;
    what.kind = journal::kind::incident_note;
    what.text = "never happened";
    forged.push_back(
        journal::seal({forged.back().sequence, forged.back().hash}, what, journal::random_salt()));
  }
  const auto verdict = verdict_of(forged, published(chain, {2, 6}));
  BOOST_TEST(verdict.findings.empty()); // the chain itself is perfect
  BOOST_REQUIRE(verdict.held.size() == 1U);
  BOOST_TEST(verdict.held[0].at.end.sequence == 3);
  BOOST_REQUIRE(verdict.broken.size() == 1U);
  BOOST_TEST(in_words(verdict).find("the checkpoint at entry 7") != std::string::npos);
  BOOST_TEST(in_words(verdict).find("changed at it or before") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cut_tail_shows) {
  const auto chain = chain_of(9);
  const auto cut = std::vector(chain.begin(), chain.begin() + 5);
  const auto verdict = verdict_of(cut, published(chain, {2, 6}));
  BOOST_TEST(!verdict.is_sound());
  BOOST_TEST(in_words(verdict).find("the journal ends before it") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_a_checkpoint_it_says_so_and_a_foreign_line_is_a_finding) {
  const auto chain = chain_of(3);
  BOOST_TEST(in_words(verdict_of(chain, {})).find("no published checkpoint") != std::string::npos);
  auditor audit{{}};
  audit.read("hello");
  BOOST_TEST(!audit.finish().is_sound());
}

BOOST_AUTO_TEST_CASE(checkpoints_are_read_with_and_without_a_time) {
  const auto hash = chain_of(1)[0].hash.hex();
  std::istringstream file{"2026-11-22T05:00:00.000Z 7 " + hash + "\n\n9 " + hash + "\n"};
  const auto read = read_checkpoints(file);
  BOOST_REQUIRE(read);
  BOOST_REQUIRE(read->size() == 2U);
  BOOST_TEST((*read)[0].time == "2026-11-22T05:00:00.000Z");
  BOOST_TEST((*read)[0].at.end.sequence == 7);
  BOOST_TEST((*read)[1].time.empty());
  for (const auto* wrong : {"x", "7", "T 7 zz", "2026-11-22T05:00:00.000Z"}) {
    std::istringstream other{wrong};
    BOOST_TEST(!read_checkpoints(other), wrong);
  }
}

BOOST_AUTO_TEST_SUITE_END()
