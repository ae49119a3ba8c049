def test_sum():
	total = 0.1 + 0.2
	assert total == 0.3, "名前のあるファイルは、テストが終わっても残っているので、次のテストが見つけてしまう"


def test_page(tmp_path):
    page = open(tmp_path / "page")  # campsite: ignore[leak-on-failure] the process ends right after
    assert page.read()
    page.close()
