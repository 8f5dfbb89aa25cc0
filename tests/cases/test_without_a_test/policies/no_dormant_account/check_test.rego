package checks.no_dormant_account_test

todo_test_later if true

helper := 1
