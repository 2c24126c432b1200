## Page

page-title = 我的待办
page-done = 完成

